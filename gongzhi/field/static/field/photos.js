// A photo small enough to be sent from the roadside; redrawn, so that it tells no place or time.
const SIDE = 1600;

const small = async (file) => {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!picture) return file; // of a kind this browser cannot draw: the server looks at it
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const paper = document.createElement("canvas");
  paper.width = Math.round(picture.width * scale);
  paper.height = Math.round(picture.height * scale);
  paper.getContext("2d").drawImage(picture, 0, 0, paper.width, paper.height);
  picture.close();
  return new Promise((resolve, reject) => {
    paper.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("photo"))), "image/jpeg", 0.8);
  });
};

export const smallAll = (files) => Promise.all([...files].filter((f) => f.size).map(small));
