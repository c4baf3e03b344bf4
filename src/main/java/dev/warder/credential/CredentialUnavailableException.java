package dev.warder.credential;

/** No value of a managed credential can be had. The message names the reason and no secret. */
public final class CredentialUnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean terminal;

    private CredentialUnavailableException(String message, boolean terminal) {
        super(message);
        this.terminal = terminal;
    }

    /** Nothing can be had until an operator acts. */
    public static CredentialUnavailableException terminal(String reason) {
        return new CredentialUnavailableException(reason, true);
    }

    /** Another attempt may bring one. */
    public static CredentialUnavailableException passing(String reason) {
        return new CredentialUnavailableException(reason, false);
    }

    /** Whether nothing can be had until an operator acts. */
    public boolean isTerminal() {
        return terminal;
    }
}
