package dev.warder.ledger.journal;

import java.io.FileOutputStream;
import java.io.IOException;

/** How bytes come to the disk. Thread-safe. */
public interface Disk {
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

    void write(FileOutputStream file, byte[] bytes) throws IOException;

    void force(FileOutputStream file) throws IOException;
}
