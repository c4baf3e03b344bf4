package dev.warder.adminapi;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** The length of a bucket, with the number of buckets of a page (page "Get Messages Usage Report" of Anthropic's API). */
enum BucketWidth {
    MINUTE("1m", Duration.ofMinutes(1), 60, 1440),
    HOUR("1h", Duration.ofHours(1), 24, 168),
    DAY("1d", Duration.ofDays(1), 7, 31);

    private final String word;
    private final Duration length;
    private final int usual;
    private final int most;

    BucketWidth(String word, Duration length, int usual, int most) {
        this.word = word;
        this.length = length;
        this.usual = usual;
        this.most = most;
    }

    static Optional<BucketWidth> named(String word) {
        return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
    }

    String word() {
        return word;
    }

    Duration length() {
        return length;
    }

    int usual() {
        return usual;
    }

    int most() {
        return most;
    }
}
