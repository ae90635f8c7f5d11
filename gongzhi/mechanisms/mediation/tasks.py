"""Names of the tasks that effects make and forms ask about."""

INSTALMENT, DUTY = "instalment", "duty"
PARTS = (INSTALMENT, DUTY)  # what an agreement asks to be performed
MEETING = ("session", "attend")  # of the mediator, and of whoever else is asked to come
