package dev.warder.oauth;

import dev.warder.database.FolderLock;
import dev.warder.oauth.JdbcTokenStore.DeadlinePoll;
import dev.warder.oauth.LoginDocument.LoginShape;
import dev.warder.oauth.TokenStore.TokenStoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A login in a file, read again each time, so that what another process wrote is seen at once. Writers hold a lock on
 * {@code <file>.lock}; readers need none, since the file is replaced as a whole.
 */
record FileTokenStore(LoginFile file, LoginFormat format, DeadlinePoll poll) implements TokenStore {
    private static final int READINGS = 3;

    /** Reads from the file system. */
    private interface Access<T> {
        T run() throws IOException;
    }

    /** Writes to the file system. */
    private interface Change {
        void run() throws IOException;
    }

    @Override
    public Optional<StoredLogin> read() throws TokenStoreException {
        var document = document();
        return document.isEmpty() ? Optional.empty() : document.get().login(place());
    }

    @Override
    public <T, E extends Exception> T exclusively(Work<T, E> work) throws TokenStoreException, E {
        var target = access("cannot be locked", file::target);
        var path = target.resolveSibling(target.getFileName() + ".lock");
        FolderLock.Opening opening = () -> {
            var open = OwnerOnly.open(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            OwnerOnly.giveTo(Objects.requireNonNull(path.getParent(), "a file lies in a folder"), path);
            return open;
        };
        var lock = poll.await(
                () -> access("cannot be locked (its .lock file)", () -> FolderLock.ofFile(path, opening)),
                place() + " is locked by another process for too long");
        try {
            change("cannot be written", file::tryReplacing);
            return work.with(new HeldFile());
        } finally {
            lock.close();
        }
    }

    @Override
    public String place() {
        return "file " + file.path();
    }

    @Override
    public Optional<String> warning() {
        try {
            return document()
                    .filter(document -> document.shape() == LoginShape.CLAUDE)
                    .map(shaped ->
                            "oauth.store: " + place() + " has the shape claudeAiOauth; what is stored there must be"
                                    + " a login of the operator's own OAuth client: a developer's own login may only be passed"
                                    + " through, never stored");
        } catch (TokenStoreException unreadable) {
            return Optional.empty();
        }
    }

    private Optional<LoginDocument> document() throws TokenStoreException {
        // Other tools write in place, so that a read may find a half-written file.
        for (int reading = 1; ; reading++) {
            var content = access("cannot be read", file::read);
            try {
                if (content.isEmpty()) {
                    return Optional.empty();
                }
                if (content.get().length > 0) {
                    return Optional.of(format.read(LoginFormat.utf8(content.get()), place()));
                }
            } catch (TokenStoreException unusable) {
                if (reading == READINGS) {
                    throw unusable.at(place());
                }
            }
            if (reading == READINGS) {
                return Optional.empty();
            }
            poll.rest();
        }
    }

    private <T> T access(String failure, Access<T> access) throws TokenStoreException {
        try {
            return access.run();
        } catch (IOException failed) {
            throw new TokenStoreException(place() + " " + failure + ": " + LoginFile.reason(failed), failed);
        }
    }

    private void change(String failure, Change change) throws TokenStoreException {
        access(failure, () -> {
            change.run();
            return true;
        });
    }

    /** The file, while this process holds its lock. */
    private final class HeldFile implements Held {
        @Override
        public Optional<StoredLogin> read() throws TokenStoreException {
            return FileTokenStore.this.read();
        }

        @Override
        public StoredLogin write(OAuthToken token) throws TokenStoreException {
            var document = document().orElseGet(LoginDocument::empty).with(token);
            replace(document);
            return document.login(place()).orElseThrow();
        }

        @Override
        public void refuse() throws TokenStoreException {
            var document = document();
            if (document.isPresent()) {
                replace(document.get().refused());
            }
        }

        @Override
        public void clear() throws TokenStoreException {
            var rest = document().flatMap(LoginDocument::cleared);
            if (rest.isPresent()) {
                replace(rest.get());
            } else {
                change("cannot be deleted", file::delete);
            }
        }

        private void replace(LoginDocument document) throws TokenStoreException {
            var content = format.write(document, place()).getBytes(StandardCharsets.UTF_8);
            change("cannot be written", () -> file.replace(content));
        }
    }

    /** Makes files that only their owner may read and write: by mode, or by access control list where there is no mode. */
    static final class OwnerOnly {
        private static final FileAttribute<Set<PosixFilePermission>> MODE =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

        private OwnerOnly() {}

        static FileChannel open(Path path, Set<? extends OpenOption> options) throws IOException {
            if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                return FileChannel.open(path, options, MODE);
            }
            var channel = FileChannel.open(path, options);
            restrict(path);
            return channel;
        }

        private static void restrict(Path path) throws IOException {
            var view = Files.getFileAttributeView(path, AclFileAttributeView.class);
            if (view != null) {
                view.setAcl(List.of(AclEntry.newBuilder()
                        .setType(AclEntryType.ALLOW)
                        .setPrincipal(view.getOwner())
                        .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                        .build()));
            }
        }

        /**
         * Gives {@code path} the owner of {@code model}: files that root writes by the command line must remain readable
         * for the user of the server. Only root may do that, and only root has to.
         */
        static void giveTo(Path model, Path path) throws IOException {
            var view = Files.getFileAttributeView(path, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            if (view == null) {
                return;
            }
            var owner = Files.getOwner(model);
            if (!owner.equals(view.getOwner())) {
                try {
                    view.setOwner(owner);
                } catch (IOException notRoot) {
                    // The file still belongs to its writer, which is the usual case.
                }
            }
        }
    }
}
