package dev.warder.credential;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** No value of a managed credential is available. The message names the reason and no secret. */
public final class CredentialUnavailableException extends Exception {
    private final boolean terminal;

    private CredentialUnavailableException(String message, boolean terminal) {
        super(message);
        this.terminal = terminal;
    }

    public static CredentialUnavailableException terminal(String reason) {
        return new CredentialUnavailableException(reason, true);
    }

    public static CredentialUnavailableException passing(String reason) {
        return new CredentialUnavailableException(reason, false);
    }

    /** The reason why a stage of a {@link CredentialSource} has failed; any other exception is treated as passing. */
    public static CredentialUnavailableException of(@Nullable Throwable failure) {
        var cause = failure instanceof CompletionException wrapper ? wrapper.getCause() : failure;
        return cause instanceof CredentialUnavailableException reason
                ? reason
                : passing("the credential could not be obtained");
    }

    public boolean isTerminal() {
        return terminal;
    }
}
