"""The surface for phones out of doors 外勤: what is done where there is no signal, sent later."""
