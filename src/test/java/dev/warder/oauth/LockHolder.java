package dev.warder.oauth;

import dev.warder.oauth.JdbcTokenStore.DeadlinePoll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A process that takes the lock of a file store, says so, and keeps it until it is killed or its input ends. */
final class LockHolder {
    private LockHolder() {}

    public static void main(String[] arguments) throws TokenStoreException {
        var store = new FileTokenStore(Path.of(arguments[0]), Logins.PLAIN, DeadlinePoll.ofThisThread());
        store.exclusively(held -> {
            System.out.println("held");
            return input();
        });
    }

    private static int input() {
        try {
            return System.in.read();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
