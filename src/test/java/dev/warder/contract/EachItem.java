package dev.warder.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.AnnotationBasedArgumentsProvider;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** Runs a test with each item of a text, which commas and the ends of lines separate; {@code ''} is an empty item. */
@ParameterizedTest
@ArgumentsSource(EachItem.Provider.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface EachItem {
    String value();

    /** The items of a text. */
    final class Provider extends AnnotationBasedArgumentsProvider<EachItem> {
        @Override
        protected Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context, EachItem items) {
            return items(items.value()).stream().map(Arguments::of);
        }

        static List<String> items(String text) {
            return Stream.of(text.strip().split("\\s*[,\n]\\s*"))
                    .map(item -> item.equals("''") ? "" : item)
                    .toList();
        }
    }
}
