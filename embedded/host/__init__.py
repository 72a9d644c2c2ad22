"""What surrounds the app on the embedded host: sites, clock, web server, plain desk."""
