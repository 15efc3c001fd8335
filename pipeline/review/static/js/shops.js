// Shops: filters that apply themselves, short addresses, printing.
const filters = document.querySelector("[data-filters]");

if (filters) {
  // Empty fields stay out of the address, which is what gets saved and sent around.
  filters.addEventListener("submit", () => {
    for (const field of filters.elements) if (field.name && !field.value) field.disabled = true;
    // The page may come back from the browser's memory: the fields must be usable then.
    setTimeout(() => {
      for (const field of filters.elements) field.disabled = false;
    }, 0);
  });
  // A choice made by pointer applies itself; by keyboard a list changes with every arrow, and Enter or the button applies it.
  let byPointer = false;
  addEventListener("pointerdown", () => (byPointer = true), true);
  addEventListener("keydown", () => (byPointer = false), true);
  for (const field of filters.querySelectorAll("select"))
    field.addEventListener("change", () => {
      if (byPointer) filters.requestSubmit();
      else filters.classList.add("is-changed");
    });
}

// Told before it is sent in vain; nothing else of the form is touched.
for (const input of document.querySelectorAll("input[data-most-bytes]"))
  input.addEventListener("change", () => {
    const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.mostBytes));
    input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
    input.reportValidity();
  });

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
