"""How it is kept: the database, the one commit, the gate through which the event loop reaches both."""
