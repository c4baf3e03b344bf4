package dev.warder.auth;

/** The rights of a client. */
public enum Right {
    /** Bring its own credential, if {@code passthrough} is on. */
    PASSTHROUGH,
    /** Use a managed credential, for inference and for reading models. */
    MANAGED,
    /**
     * Use a managed credential for all other paths: for resources that its workspace stores, which all clients share.
     * It adds to {@link #MANAGED}, and has no effect alone.
     */
    WORKSPACE,
    /** Have the model search the web, where a request in OpenAI's dialect asks for it. */
    WEB,
    /** {@code admin:read}: read what this gateway itself serves below {@code /v1/organizations}. */
    ADMIN_READ
}
