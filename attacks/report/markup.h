// SPDX-License-Identifier: Apache-2.0
//
// Markup: writes HTML and SVG that is also well-formed XML. Text and attribute values are escaped
// here and nowhere else, so a writer cannot forget it.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace wib::attacks::report {

class Markup {
 public:
  struct Attribute {
    std::string_view name;
    std::string value;
  };
  using Attributes = std::initializer_list<Attribute>;

  // An element that is open as long as this lives.
  class Element {
   public:
    Element(const Element&) = delete;
    Element& operator=(const Element&) = delete;
    ~Element() { markup_.close(tag_); }

   private:
    friend class Markup;
    Element(Markup& markup, std::string_view tag) : markup_(markup), tag_(tag) {}
    Markup& markup_;
    std::string_view tag_;  // a literal
  };

  // Names of tags and attributes are literals of the program; attributes without a value are left
  // out.
  [[nodiscard]] Element in(std::string_view tag, Attributes attributes = {});
  Markup& element(std::string_view tag, Attributes attributes, std::string_view text);
  Markup& element(std::string_view tag, std::string_view text) { return element(tag, {}, text); }
  Markup& empty(std::string_view tag, Attributes attributes = {});  // <br/>
  Markup& text(std::string_view text);

  // Text of the program's own, written as it is: the document type, a style sheet.
  Markup& trusted(std::string_view text);

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void open(std::string_view tag, Attributes attributes);
  void close(std::string_view tag);

  std::string out_;
};

}  // namespace wib::attacks::report
