package dev.warder.ledger.store;

import dev.warder.ledger.store.JournalFile.Disk;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The disk of this machine, which fails when a test wants it. Thread-safe. */
public final class FaultyDisk implements Disk {
    private final AtomicInteger forcesToFail = new AtomicInteger();
    private final AtomicInteger writesToFail = new AtomicInteger();
    private final AtomicReference<@Nullable Error> nextWrite = new AtomicReference<>();

    /** This number of the next forces fail. */
    public void failForce(int many) {
        forcesToFail.set(many);
    }

    /** This number of the next writes fail. */
    void failWrites(int many) {
        writesToFail.set(many);
    }

    /** The next write ends like this, after half of the bytes. */
    public void failWrite(Error fault) {
        nextWrite.set(fault);
    }

    @Override
    public void write(FileOutputStream file, byte[] bytes) throws IOException {
        var fault = nextWrite.getAndSet(null);
        if (fault != null) {
            file.write(bytes, 0, bytes.length / 2);
            throw fault;
        }
        if (writesToFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IOException("as if the disk was full");
        }
        Disk.REAL.write(file, bytes);
    }

    @Override
    public void force(FileOutputStream file) throws IOException {
        if (forcesToFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IOException("as if the disk was broken");
        }
        Disk.REAL.force(file);
    }
}
