"""What it is: the desk's nouns, their rules and who may do what. Nothing here knows of a database or a screen."""
