"""The machine that runs dialogs: events in, decisions out, states that survive as JSON."""
