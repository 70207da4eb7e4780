"""What can be seen: frozen answers, already cut to the rights of whoever asks."""
