package dev.warder.observe;

/** A metric of times, as a platform MBean. */
public interface TimesMXBean {
    /** How many times were measured. */
    long getCount();

    /** Their sum, in seconds. */
    double getTotalSeconds();

    /** The longest of the last minutes, in seconds. */
    double getMaxSeconds();
}
