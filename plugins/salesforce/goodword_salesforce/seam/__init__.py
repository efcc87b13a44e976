"""The one place that talks with Salesforce: signed in, retried with care, counted."""
