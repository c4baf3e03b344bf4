package dev.warder;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** The product's own classes, for the tests of its structure. */
final class MainClasses {
    private MainClasses() {}

    /** Reads them, which takes seconds; they need more than 100 MiB, so that no test may keep them. */
    static JavaClasses read() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.warder", "launch");
    }
}
