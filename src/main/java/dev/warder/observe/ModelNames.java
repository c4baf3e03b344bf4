package dev.warder.observe;

import dev.warder.usage.PriceBook;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The names of models that labels can have: those of the price book, without the dates of versions. All others are {@link
 * LabelValues#OTHER}. Thread-safe, as the supplier is.
 */
public record ModelNames(Supplier<PriceBook> books) {
    public String label(Optional<String> model) {
        return model.map(name -> books.get().nameFor(name).orElse(LabelValues.OTHER))
                .orElse(LabelValues.NONE);
    }
}
