package dev.warder.observe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.usage.PriceBook;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The names of models that labels can have: those of the price book, without the dates of versions. All others are {@link
 * LabelValues#OTHER}. Thread-safe.
 */
public final class ModelNames {
    /** More names than a price book has; clients can send any number of others. */
    private static final int MOST_KNOWN = 256;

    private final Supplier<PriceBook> books;

    @GuardedBy("this")
    private final Map<String, String> known = new HashMap<>();

    @GuardedBy("this")
    private PriceBook book;

    public ModelNames(Supplier<PriceBook> books) {
        this.books = books;
        this.book = books.get();
    }

    public String label(Optional<String> model) {
        return model.map(this::label).orElse(LabelValues.NONE);
    }

    private synchronized String label(String model) {
        var current = books.get();
        if (current != book || known.size() >= MOST_KNOWN) {
            known.clear();
            book = current;
        }
        return known.computeIfAbsent(model, name -> current.nameFor(name).orElse(LabelValues.OTHER));
    }
}
