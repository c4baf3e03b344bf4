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

/** Makes files that only their owner may read and write: by mode, or by access control list where there is no mode. */
final class OwnerOnly {
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
