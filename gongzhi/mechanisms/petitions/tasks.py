"""Names of the tasks that effects make and forms ask about."""

REPORT = "report_result"  # to whoever assigned it
MEMBER = "member"  # what one member of a group is to get
