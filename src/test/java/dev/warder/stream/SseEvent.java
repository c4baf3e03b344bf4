package dev.warder.stream;

/**
 * One event of an event stream, as WHATWG's HTML standard dispatches it (section 9.2.6).
 *
 * @param name what its {@code event} field said; {@code message} without one
 * @param data its {@code data} fields, joined by line feeds
 */
public record SseEvent(String name, String data) {}
