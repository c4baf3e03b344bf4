package dev.warder.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.AnnotationBasedArgumentsProvider;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** Runs a test with each row of a table, whose columns are divided by {@code |}; backticks hold a text that is empty or blank. */
@ParameterizedTest
@ArgumentsSource(EachRow.Provider.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface EachRow {
    String[] value();

    final class Provider extends AnnotationBasedArgumentsProvider<EachRow> {
        private static final Pattern COLUMN = Pattern.compile("\\s*(?:`([^`]*)`|([^|]*?))\\s*(?:\\||$)");

        @Override
        protected Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context, EachRow rows) {
            int columns = parameters.getAll().size();
            return Stream.of(rows.value())
                    .map(row -> Arguments.of(COLUMN.matcher(row)
                            .results()
                            .limit(columns)
                            .map(Provider::text)
                            .toArray()));
        }

        private static Object text(MatchResult column) {
            return column.group(1) == null ? column.group(2) : column.group(1);
        }
    }
}
