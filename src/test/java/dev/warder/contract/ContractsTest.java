package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.AnnotationSupport;

/** Every contract is one that the build finds, so that none is left out on any container. */
class ContractsTest {
    private static final Path SOURCES = Path.of("src/test/java/dev/warder/contract");

    private final List<Class<?>> all = classes();

    @Test
    void everyConcreteContractRunsOnTheChosenContainer() {
        var concrete = all.stream().filter(type -> !isAbstract(type)).toList();
        assertThat(concrete).hasSizeGreaterThan(90);
        assertThat(concrete).allSatisfy(type -> {
            assertThat(type.isAnnotationPresent(OnChosenContainer.class)).isTrue();
            assertThat(type.getDeclaredMethods()).extracting(Method::getName).doesNotContain("starter");
        });
    }

    /** A mark that gets lost would be seen by nobody: the contract would run on one container only. */
    @Test
    void contractsInWhichTheContainerDecidesRunOnEach() {
        assertThat(all)
                .filteredOn(type -> type.isAnnotationPresent(OnEachContainer.class))
                .hasSizeGreaterThanOrEqualTo(29);
    }

    /** An abstract contract that no other extends would never run. */
    @Test
    void everyAbstractContractIsTheBaseOfAnother() {
        assertThat(all.stream().filter(ContractsTest::isAbstract))
                .allSatisfy(base -> assertThat(all).anyMatch(type -> type.getSuperclass() == base));
    }

    /** The executions with other versions of a library choose contracts by these names, then by these tags. */
    @Test
    void everyContractOfALibraryWithTwoVersionsHasItsName() {
        assertThat(all)
                .allSatisfy(type -> assertThat(type.getSimpleName().startsWith("Sdk"))
                        .isEqualTo(tags(type).contains("sdk")))
                .allSatisfy(type -> assertThat(type.getSimpleName().startsWith("SpringAi"))
                        .isEqualTo(tags(type).contains("spring-ai")));
    }

    @Test
    void everyContractOfALibraryWithTwoVersionsRunsOnTomcatToo() {
        var libraries = all.stream().filter(type -> !isAbstract(type)).filter(type -> Stream.of("sdk", "spring-ai")
                .anyMatch(tags(type)::contains));
        assertThat(Arrays.stream(LibrariesOnTomcat.class.getDeclaredClasses()).<Class<?>>map(Class::getSuperclass))
                .containsExactlyInAnyOrderElementsOf(libraries.toList());
    }

    @Test
    void refusesTheNameOfAnUnknownContainer() {
        assertThatThrownBy(() -> ChosenContainer.starter("Jetty")).hasMessageContaining("Jetty");
    }

    private static boolean isAbstract(Class<?> type) {
        return Modifier.isAbstract(type.getModifiers());
    }

    private static List<String> tags(Class<?> type) {
        return AnnotationSupport.findRepeatableAnnotations(type, Tag.class).stream()
                .map(Tag::value)
                .toList();
    }

    private static List<Class<?>> classes() {
        var names = SOURCES.toFile().list((folder, name) -> name.endsWith("Contract.java"));
        return Arrays.stream(names).<Class<?>>map(ContractsTest::load).toList();
    }

    private static Class<?> load(String file) {
        try {
            return Class.forName(ContractsTest.class.getPackageName() + "." + file.replace(".java", ""));
        } catch (ClassNotFoundException missing) {
            throw new AssertionError(missing);
        }
    }
}
