"""Personal iCal feeds: the planned sessions of a role at a secret address, for the agenda on somebody's telephone."""
