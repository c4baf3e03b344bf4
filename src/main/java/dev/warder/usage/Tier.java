package dev.warder.usage;

/** The tier in which the upstream served a request ({@code service_tier}). */
public enum Tier {
    STANDARD,
    PRIORITY,
    BATCH
}
