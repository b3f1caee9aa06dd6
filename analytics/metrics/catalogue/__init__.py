"""Every metric of the product, once: dashboards, alerts, reports and the API take them here."""
