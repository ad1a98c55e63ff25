// Tells of files that are too large: the uploader's own words go when the others are taken over.

export default function ({ data, parentElement, setTriggerValue }) {
  Object.assign(parentElement, { limit: data.limit, told: data.told, tell: setTriggerValue });
  if (parentElement.stop) return parentElement.stop;
  const look = (files) => {
    const large = [...files].filter((file) => file.size > parentElement.limit);
    if (large.length || parentElement.told)
      parentElement.tell("left_out", large.map((file) => file.name));
  };
  const change = ({ target }) => target.type === "file" && look(target.files);
  const drop = ({ dataTransfer }) => look(dataTransfer?.files ?? []);
  document.addEventListener("change", change, true);
  document.addEventListener("drop", drop, true);
  parentElement.stop = () => {
    document.removeEventListener("change", change, true);
    document.removeEventListener("drop", drop, true);
    parentElement.stop = undefined;
  };
  return parentElement.stop;
}
