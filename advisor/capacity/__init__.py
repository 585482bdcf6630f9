"""How much of something a load needs, and how long its requests take."""
