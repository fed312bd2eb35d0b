"""How recare talks: services, channels to patients, desks for staff, jobs, web and command line."""
