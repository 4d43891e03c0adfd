// SPDX-License-Identifier: Apache-2.0
//
// A mutator that knows DER: it picks an element anywhere in the tree, changes it, and corrects the
// lengths of all that are around it. Bytes alone hardly ever get past the outermost length. One
// mutation in four is the engine's own all the same, so that lengths are wrong too.
#include <cstdint>
#include <random>
#include <vector>

#include "protocol/bytes.h"

namespace wib::fuzz {
namespace {

using Bytes = std::vector<Byte>;

struct Node {
  Byte tag = 0;
  Bytes content;            // of a primitive
  std::vector<Node> inner;  // of a constructed one, or of a string that holds DER
  Byte unused = 0;          // a BIT STRING's first byte, in front of the DER that it holds
  bool wraps = false;       // a string that holds DER
};

// One element off the front; false if there is none.
bool read_node(ByteView& rest, Node& node, int depth);

bool read_all(ByteView bytes, std::vector<Node>& nodes, int depth) {
  while (!bytes.empty()) {
    if (nodes.size() > 200 || !read_node(bytes, nodes.emplace_back(), depth)) return false;
  }
  return true;
}

bool read_node(ByteView& rest, Node& node, int depth) {
  if (rest.size() < 2 || depth > 14) return false;
  node.tag = rest[0];
  std::size_t size = rest[1];
  std::size_t head = 2;
  if (size > 0x80) {
    const std::size_t count = size - 0x80;
    if (count > 2 || rest.size() < 2 + count) return false;
    size = count == 1 ? rest[2] : rest[2] * 256U + rest[3];
    head += count;
  }
  if (size > rest.size() - head) return false;
  const ByteView content = rest.subspan(head, size);
  rest = rest.subspan(head + size);
  if ((node.tag & 0x20U) != 0) return read_all(content, node.inner, depth + 1);
  const bool bits = node.tag == 3 && content.size() > 2;
  node.wraps = (bits || (node.tag == 4 && content.size() > 1)) &&
               read_all(content.subspan(bits ? 1 : 0), node.inner, depth + 1);
  if (node.wraps) {
    node.unused = bits ? content[0] : 0;
  } else {
    node.inner.clear();
    node.content.assign(content.begin(), content.end());
  }
  return true;
}

void write_node(const Node& node, Bytes& out) {
  Bytes content = node.content;
  if (node.wraps && node.tag == 3) content.push_back(node.unused);
  for (const Node& each : node.inner) write_node(each, content);
  out.push_back(node.tag);
  const std::size_t size = content.size();
  if (size >= 0x100) {
    out.insert(out.end(), {0x82, static_cast<Byte>(size >> 8U), static_cast<Byte>(size)});
  } else if (size >= 0x80) {
    out.insert(out.end(), {0x81, static_cast<Byte>(size)});
  } else {
    out.push_back(static_cast<Byte>(size));
  }
  out.insert(out.end(), content.begin(), content.end());
}

void list(std::vector<Node>& nodes, std::vector<std::pair<std::vector<Node>*, std::size_t>>& all) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    all.emplace_back(&nodes, i);
    list(nodes[i].inner, all);
  }
}

}  // namespace
}  // namespace wib::fuzz

// NOLINTBEGIN(readability-identifier-naming): libFuzzer's names
extern "C" std::size_t LLVMFuzzerMutate(wib::Byte* data, std::size_t size, std::size_t max_size);

extern "C" std::size_t LLVMFuzzerCustomMutator(wib::Byte* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  using namespace wib::fuzz;  // NOLINT: the whole function is made of it
  std::minstd_rand random(seed);
  const auto below = [&](std::size_t count) { return random() % count; };
  std::vector<Node> tree;
  if (below(4) == 0 || !read_all(wib::ByteView(data, size), tree, 0) || tree.empty()) {
    return LLVMFuzzerMutate(data, size, max_size);
  }
  std::vector<std::pair<std::vector<Node>*, std::size_t>> all;
  list(tree, all);
  const auto [siblings, index] = all[below(all.size())];
  const auto [others, other] = all[below(all.size())];
  Node& node = (*siblings)[index];
  switch (below(8)) {
    case 0: siblings->erase(siblings->begin() + static_cast<std::ptrdiff_t>(index)); break;
    case 1:
      siblings->insert(siblings->begin() + static_cast<std::ptrdiff_t>(index), Node(node));
      break;
    case 2: {  // a copy of another in its place
      const Node copy = (*others)[other];
      node = copy;
      break;
    }
    case 3: std::swap(node, (*siblings)[below(siblings->size())]); break;
    case 4:
      node.tag =
          static_cast<wib::Byte>(below(2) == 0 ? node.tag ^ 1U << below(8) : (*others)[other].tag);
      break;
    default: {  // the engine's bytes in a leaf
      if (node.wraps && below(2) == 0) node.unused ^= static_cast<wib::Byte>(below(8));
      if (!node.inner.empty()) break;
      const std::size_t before = node.content.size();
      node.content.resize(before + 8);
      node.content.resize(LLVMFuzzerMutate(node.content.data(), before, before + 8));
    }
  }
  Bytes written;
  for (const Node& each : tree) write_node(each, written);
  if (written.empty() || written.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::ranges::copy(written, data);
  return written.size();
}
// NOLINTEND(readability-identifier-naming)
