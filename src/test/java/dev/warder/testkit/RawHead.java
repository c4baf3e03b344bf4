package dev.warder.testkit;

/**
 * The head of an answer.
 *
 * @param status the status code
 * @param raw the head byte for byte, as ISO 8859-1
 */
public record RawHead(int status, FieldList fields, String raw) {}
