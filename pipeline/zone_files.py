"""GeoJSON files of zones: loading and checking."""
