"""Who hears of it: the bus that carries the news, the hub that answers questions anew, the socket that sends."""
