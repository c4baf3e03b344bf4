package dev.warder.policy;

/** What a client is. */
public enum PrincipalKind {
    /** A human being. */
    PERSON,
    /** A program, such as a build. */
    SERVICE
}
