"""What connectors to hosts over the internet share: connections, pages, look-ups, a host to try."""
