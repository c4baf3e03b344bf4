package dev.warder.policy;

/** The kind of a client. */
public enum PrincipalKind {
    PERSON,
    SERVICE
}
