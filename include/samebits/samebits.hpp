#pragma once

// Everything. Start with client.hpp and requests.hpp.

#include <samebits/adapters.hpp>
#include <samebits/branch_rules.hpp>
#include <samebits/bridge.hpp>
#include <samebits/changes.hpp>
#include <samebits/client.hpp>
#include <samebits/credentials.hpp>
#include <samebits/document.hpp>
#include <samebits/documents.hpp>
#include <samebits/features.hpp>
#include <samebits/git_identity.hpp>
#include <samebits/image_ref.hpp>
#include <samebits/image_tag.hpp>
#include <samebits/init.hpp>
#include <samebits/local_file.hpp>
#include <samebits/network.hpp>
#include <samebits/values_file.hpp>
