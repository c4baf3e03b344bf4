package dev.warder.usage;

/** How fast the upstream generated a response ({@code speed}). */
public enum Speed {
    STANDARD,
    FAST
}
