package dev.warder.gate;

import java.util.List;

/** The gates that are asked together, about the same inquiry. */
record GateRound(Inquiry inquiry, List<RegisteredGate> gates) {}
