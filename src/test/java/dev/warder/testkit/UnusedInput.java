package dev.warder.testkit;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;

/** An input of a container that supports nothing; a test overrides what it uses. */
public abstract class UnusedInput extends ServletInputStream {
    @Override
    public int read() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isFinished() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isReady() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setReadListener(ReadListener listener) {
        throw new UnsupportedOperationException();
    }
}
