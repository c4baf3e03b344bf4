package dev.warder.testkit;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;

/** An output of a container that supports nothing; a test overrides what it uses. */
public abstract class UnusedOutput extends ServletOutputStream {
    @Override
    public void write(int one) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isReady() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
        throw new UnsupportedOperationException();
    }
}
