"""The one place that talks HTTP with HubSpot: paced, retried with care, counted."""
