package dev.warder.observe;

/** A metric that is one number: a counter or a gauge, as a platform MBean. */
public interface NumberMXBean {
    /** The number; a counter's grows from the start of the application. */
    double getValue();
}
