package dev.warder.policy;

/** The kind of a client. */
public enum PrincipalKind {
    /** A human being. */
    PERSON,
    /** A program, such as a build. */
    SERVICE
}
