package dev.warder.policy;

/**
 * One thing that a change does. Immutable.
 *
 * @param action such as {@code create}, {@code change}, {@code remove}, {@code revoke}
 * @param subject what is changed, such as {@code client/ada} or {@code token/abcdefgh}
 * @param before its content as a JSON object; empty if it is new
 * @param after its content as a JSON object; empty if it is removed
 */
public record AuditItem(String action, String subject, String before, String after) {}
