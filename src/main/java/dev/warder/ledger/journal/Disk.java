package dev.warder.ledger.journal;

import java.io.FileOutputStream;
import java.io.IOException;

/** How bytes come to the disk. Thread-safe. */
public interface Disk {
    /** That of this machine. */
    Disk REAL = new Disk() {
        @Override
        public void write(FileOutputStream file, byte[] bytes) throws IOException {
            file.write(bytes);
        }

        @Override
        public void force(FileOutputStream file) throws IOException {
            file.getChannel().force(false);
        }
    };

    /** Appends to a file. */
    void write(FileOutputStream file, byte[] bytes) throws IOException;

    /** Returns after the disk has what was written to the file before. */
    void force(FileOutputStream file) throws IOException;
}
