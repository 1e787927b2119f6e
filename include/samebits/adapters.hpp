#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <samebits/clock.hpp>
#include <samebits/evidence.hpp>
#include <samebits/gitops.hpp>
#include <samebits/image_ref.hpp>
#include <samebits/registry.hpp>
#include <samebits/signing.hpp>
#include <samebits/source.hpp>

namespace samebits {

/// A local repository (bare, or the branch not checked out where it is written) as `Source`.
/// `location` is a folder or `file://` URL. Opens on first use. Thread: one at a time.
/// `signing`: of the tags that it makes.
std::unique_ptr<Source> open_local_source(std::string_view location, SigningOptions signing = {});

/// A branch of a local repository as `GitOps`; `branch` empty: the repository's HEAD branch. Opens on first use.
std::unique_ptr<GitOps> open_local_gitops(std::string_view location, std::string_view branch,
                                          SigningOptions signing = {});

/// An OCI image layout as `Registry`. Opens on first use; needs the folder and its `oci-layout` file to exist.
/// Source: OCI image-spec 1.1, "Image Layout".
std::unique_ptr<Registry> open_image_layout(std::string_view folder);

/// The ledger of `service` over the branch that `gitops` stands for; what it commits is by `author`.
/// `gitops` and `clock` are borrowed.
std::unique_ptr<Evidence> open_ledger(GitOps& gitops, Clock& clock, std::string_view service, Person author);

/// The system's clock. Thread: safe.
Clock& system_clock();

}  // namespace samebits
