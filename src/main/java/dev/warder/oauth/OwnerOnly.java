package dev.warder.oauth;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
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
import java.util.Set;

/** Makes files that their owner alone may read and write: by mode, or by access control list where there is no mode. */
final class OwnerOnly {
    private static final FileAttribute<Set<PosixFilePermission>> MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private OwnerOnly() {}

    /** Opens a file for writing; one that is made by it is nobody else's from its first moment on. */
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
     * Lets {@code path} have the owner of {@code model}: what root writes by the command line must stay readable for the
     * user of the server. Nobody but root may do that, and nobody else has to.
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
                // It stays the file of who writes it, which is the usual case.
            }
        }
    }
}
